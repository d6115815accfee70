// Brings the Apache Kafka that tests run: its jars from Maven Central, once, to a folder beside the checkout, with an
// empty data folder to copy. Says where that is. Needs Java 17 or newer, and Maven where it is not there yet.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '4.4.0';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const CLUSTER_ID = 'VecheTestClusterNo0001';

const caches = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'veche');
const folder = join(caches, `kafka-${VERSION}`);

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>veche</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;

const run = (command, args, cwd) => {
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 480_000 });
  } catch (error) {
    const said = [error.stdout, error.stderr].map((text) => text?.toString().trim()).filter(Boolean);
    const how = error.code ?? `exit ${error.status}`;
    throw new Error(`${command} ${args[0]}: ${how}\n${said.join('\n')}`, { cause: error });
  }
};

if (!existsSync(folder)) {
  mkdirSync(caches, { recursive: true });
  const making = mkdtempSync(join(caches, 'making-kafka-'));
  try {
    writeFileSync(join(making, 'pom.xml'), pom);
    // --strict-checksums: a jar that came out other than it was published is refused
    const args = ['--batch-mode', '--quiet', '--strict-checksums', COPY];
    run('mvn', [...args, '-DincludeScope=runtime', '-DoutputDirectory=libs'], making);
    const settings = ['process.roles=broker,controller', 'node.id=1', 'log.dirs=data'];
    const quorum = ['controller.quorum.voters=1@127.0.0.1:1', 'controller.listener.names=CONTROLLER'];
    const listeners = ['listeners=PLAINTEXT://127.0.0.1:2,CONTROLLER://127.0.0.1:1'];
    const protocols = ['listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'];
    writeFileSync(
      join(making, 'empty.properties'),
      [...settings, ...quorum, ...listeners, ...protocols].join('\n'),
    );
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', 'empty.properties'];
    run('java', ['-cp', 'libs/*', ...format], making);
    try {
      renameSync(making, folder);
    } catch (error) {
      // somebody else was faster
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
console.log(folder);
