import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.BERTH_API_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@berth/client': fileURLToPath(new URL('../../libs/client/src', import.meta.url)) } },
  server: { proxy: { '/v1': api, '/health': api } },
  build: {
    target: 'es2022',
    // Nothing inline: the pages are served with `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
});
