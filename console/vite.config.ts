import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `KEYSTEAD_API` names the server that `vite` asks while somebody works on the console. */
const api = process.env.KEYSTEAD_API ?? 'http://127.0.0.1:7800'

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    // The server's policy lets no script in that stands in the page.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': api } },
})
