/** What a command needs of the terminal and of time. */
export interface OperatorIo {
  /** A line for the person. */
  log(line: string): void;
  /** Asks a person; null where nobody is there to be asked. */
  ask: ((question: string) => Promise<string>) | null;
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

/** Folders that commands work in. */
export interface Places {
  /** The customer files. */
  customers: string;
  /** Templates, assets and the logs of deployments. */
  out: string;
}

/** What every command is given. */
export interface Command extends Places {
  io: OperatorIo;
  /** What follows the command and is no option. */
  names: readonly string[];
  /** Options by name, as `node:util` reads them. */
  options: Readonly<Record<string, string | boolean | undefined>>;
}

/** The text of an option; undefined where it was not given. */
export function textOption({ options }: Command, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
