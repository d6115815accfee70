import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Certificates, eventually, freePort } from '@veche/testing';
import { ROOT } from './build';
import { ServerProcess } from './server-process';
import { newFolder } from './veche';

/** Debian's nginx with the configuration of deploy/nginx, in which only what its readers change is changed. */
export class Nginx {
  private constructor(
    /** Over TLS, as people come. */
    readonly port: number,
    /** The same without TLS: what runs in Node trusts no certificate of a test. */
    readonly url: string,
    readonly ca: string,
    private readonly folder: string,
    private readonly certificates: Certificates,
    private readonly process: ServerProcess,
  ) {}

  static async start(gateways: readonly string[]): Promise<Nginx> {
    const [port, plain] = [await freePort(), await freePort()];
    const folder = newFolder();
    const certificates = new Certificates();
    const ca = certificates.ca('nginx-ca');
    const { cert, key } = certificates.signed('nginx', ca, 'DNS:localhost,IP:127.0.0.1');
    const server = (url: string): string => `server ${new URL(url).host} max_fails=0;`;
    let site = readFileSync(join(ROOT, 'deploy/nginx/veche.conf'), 'utf8');
    for (const [there, here] of [
      ['server 127.0.0.1:8080 max_fails=0;', gateways.map(server).join('\n    ')],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;\n    listen 127.0.0.1:${plain};`],
      ['server_name chat.example.org;', 'server_name localhost 127.0.0.1;'],
      ['/etc/ssl/chat.example.org.crt', cert],
      ['/etc/ssl/chat.example.org.key', key],
    ] as const) {
      if (!site.includes(there)) throw new Error(`deploy/nginx/veche.conf has no line ${there}`);
      site = site.replace(there, here);
    }
    mkdirSync(join(folder, 'temp'));
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((of) => `${of}_temp_path ${join(folder, 'temp', of)};`)
      .join(' ');
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr warn;
      events { worker_connections 1024; }
      http { access_log off; ${temp} ${site} }`,
    );
    const args = ['-e', 'stderr', '-p', folder, '-c', file];
    execFileSync('nginx', ['-t', ...args], { stdio: 'pipe' });
    const nginx = ServerProcess.start('nginx', 'nginx', args, { folder });
    await eventually(() => fetch(`http://127.0.0.1:${plain}/health/live`).then(({ ok }) => ok));
    return new Nginx(port, `http://127.0.0.1:${plain}`, ca.cert, folder, certificates, nginx);
  }

  get output(): string {
    return this.process.output;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    this.certificates.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
