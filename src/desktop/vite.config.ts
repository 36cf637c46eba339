import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The agent desk, built into files that the server sends from /desk/ under its Content-Security-Policy. */
export default defineConfig({
  base: '/desk/',
  plugins: [react()],
  build: { outDir: '../../dist/desk', emptyOutDir: true, assetsInlineLimit: 0 },
})
