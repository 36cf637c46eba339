import type { Scene } from './scene.ts'

/** What a backend must do, by the words in which it is told; the words also name what an adapter skips. */
export type Cases = Readonly<Record<string, (scene: Scene) => Promise<void>>>
