# One image for each service: docker build --target auth|chat|gateway|monolith .

FROM node:24-bookworm-slim AS base
WORKDIR /app

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
# the compiler comes as a companion of @nestjs/swagger, which needs it for builds alone
RUN npm ci --omit=dev --no-audit --no-fund && rm -r node_modules/typescript

# the embedded database is for one process alone
FROM dependencies AS dependencies-of-services
RUN rm -r node_modules/@electric-sql

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY libs libs
COPY apps apps
RUN npm run build && chmod -R a+rX dist

# auth and chat serve no pages
FROM build AS build-without-pages
RUN rm -r dist/web dist/client dist/cli dist/libs/embedded-postgres

FROM base AS process
ENV NODE_ENV=production
COPY package.json ./
COPY proto proto
COPY deploy/healthy.mjs deploy/
# what a process keeps: keys, and the embedded database
RUN install -d -o node -g node -m 0700 /data
ENV DATA_DIR=/data METRICS_HOST=0.0.0.0
USER node

FROM process AS service
COPY --from=dependencies-of-services /app/node_modules node_modules
COPY --from=build-without-pages /app/dist dist

FROM service AS auth
ENV GRPC_URL=0.0.0.0:50051
EXPOSE 50051
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["node", "deploy/healthy.mjs", "grpc", "127.0.0.1:50051"]
CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/apps/auth/src/main.js"]

FROM service AS chat
ENV GRPC_URL=0.0.0.0:50052
EXPOSE 50052
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["node", "deploy/healthy.mjs", "grpc", "127.0.0.1:50052"]
CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/apps/chat/src/main.js"]

FROM process AS gateway
COPY --from=dependencies-of-services /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["node", "deploy/healthy.mjs", "http", "127.0.0.1:8080"]
CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/apps/gateway/src/main.js"]

FROM process AS monolith
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV HOST=0.0.0.0 PORT=8080 AUTH_GRPC_URL=0.0.0.0:50051 CHAT_GRPC_URL=0.0.0.0:50052
EXPOSE 8080 50051 50052
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["node", "deploy/healthy.mjs", "http", "127.0.0.1:8080"]
CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/apps/monolith/src/main.js"]
