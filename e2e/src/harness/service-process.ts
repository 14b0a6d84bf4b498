/** One process of Weft, started by a test: its output is kept, its end is awaited, and every wait has a bound. */
import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { patienceMs } from './patience.ts';

/** The processes that Weft consists of. */
export type ServiceName = 'coordinator' | 'trainer' | 'cli';

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Where processes keep what they have compiled of their sources: the next one starts in half the time. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/weft-e2e', import.meta.url));
const tether = new URL('./tether.ts', import.meta.url).href;
const outputTimeoutMs = patienceMs(30_000);
const exitTimeoutMs = patienceMs(20_000);

export class ServiceProcess {
  readonly name: string;
  /** Resolves when the process has ended and all of its output is here. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #output = '';
  #exit: ProcessExit | undefined;

  /**
   * Starts `service` with no settings but `argv`: the environment has none of Weft's. `name` is for messages; `preloads` are modules
   * (URLs) that the process loads before anything else; `wrapper` is a command that starts what follows it, and becomes its end.
   */
  constructor(
    name: string,
    service: ServiceName,
    argv: readonly string[],
    preloads: readonly string[] = [],
    wrapper: readonly string[] = [],
  ) {
    this.name = name;
    const entry = fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url));
    const environment = Object.entries(process.env).filter(([key]) => !/^(WEFT_|NODE_OPTIONS$|VITEST)/.test(key));
    const [command, ...before] = [...wrapper, process.execPath];
    this.#child = spawn(
      command,
      [
        ...before,
        '--disable-warning=ExperimentalWarning',
        ...[tether, ...preloads].flatMap((url) => ['--import', url]),
        ...[entry, ...argv],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { NODE_COMPILE_CACHE: compileCache, ...Object.fromEntries(environment) },
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#tell();
      });
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#exit = { code, signal };
        this.#tell();
        resolve(this.#exit);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything that it has written so far, to either stream. */
  get output(): string {
    return this.#output;
  }

  /** Sends a signal, if the process is still there. */
  signal(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.#child.kill(signal);
  }

  /** Resolves with the first match of `pattern` in the output. Rejects with the output when it ends before, or after 30 s. */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(`writing ${String(pattern)}`, outputTimeoutMs, () => pattern.exec(this.#output) ?? undefined);
  }

  /** Resolves when it has ended by itself or by a signal sent before; rejects with the output after 20 s. */
  untilExit(): Promise<ProcessExit> {
    return this.#until('ending', exitTimeoutMs, () => this.#exit);
  }

  /** Ends it at once, and resolves when it has ended. */
  async end(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  #until<T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (problem: string | undefined): void => {
        const found = look();
        if (found === undefined && problem === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        if (found !== undefined) resolve(found);
        else reject(new Error(`${this.name} ${problem ?? ''} without ${what}; it wrote:\n${this.#output}`));
      };
      const listener = (): void => {
        settle(this.#exit === undefined ? undefined : `ended with ${JSON.stringify(this.#exit)}`);
      };
      const timer = setTimeout(() => {
        settle(`went on for ${String(timeoutMs)} ms`);
      }, timeoutMs);
      this.#listeners.add(listener);
      listener();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
