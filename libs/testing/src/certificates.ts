import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** Certificates of a test, made by openssl, as files. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'veche-certificates-'));

  /** @returns a CA of its own */
  ca(name: string): Certified {
    return this.make(name, []);
  }

  /** @param names `DNS:…` or `IP:…`, with commas between them */
  signed(name: string, by: Certified, names: string): Certified {
    return this.make(name, ['-CA', by.cert, '-CAkey', by.key, '-addext', `subjectAltName=${names}`]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private make(name: string, more: string[]): Certified {
    const [cert, key] = [join(this.folder, `${name}.crt`), join(this.folder, `${name}.key`)];
    const files = ['-subj', `/CN=${name}`, '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...P256, ...files, ...more], { stdio: 'pipe' });
    return { cert, key };
  }
}
