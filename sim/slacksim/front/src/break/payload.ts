/* What GET /break/state and /break/count answer. */

export interface Way { name: string; label: string; says: string; expect: string }
export interface Jump { name: string; label: string; says: string }
export interface Bot { number: number; alive: boolean; lived: number; killed: number; down: boolean }
export interface Break { now: string; ahead: number; ways: Way[]; jumps: Jump[]; alive: boolean; lived: number; killed: number; full: boolean; down: boolean; bots: Bot[]; database?: string }
export interface Count {
  promised: number; done: number; over: number; open: number; doubled: number; lost: number; wrong: string[];
  audit: string; whole: boolean; yeses: number; effects: number; messages: number;
}
