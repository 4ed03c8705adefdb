/** dynalite 4 has no types of its own: the part that the table process uses. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; without it the tables live in memory. */
    path?: string;
    /** How long a table stays in CREATING, in milliseconds. */
    createTableMs?: number;
  }
  /** A server that also closes its store on `close`. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
