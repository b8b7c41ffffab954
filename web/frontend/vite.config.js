import { defineConfig } from 'vite';

// One entry for each island. Pages load `main`; an island is loaded only where it is used.
// Python looks the built names up in manifest.json by the entry's path, e.g. "src/diagram/diagram.js".
export default defineConfig({
  base: './', // the application may be mounted under any prefix
  publicDir: false,
  build: {
    outDir: '../static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    license: { fileName: 'licenses.md' }, // whose code is in it, with the texts they ask to keep
    assetsInlineLimit: 0, // the content security policy allows no data: scripts, styles or fonts
    modulePreload: { polyfill: false },
    target: ['es2020', 'chrome87', 'firefox78', 'safari14'], // phones of about 2020, as used in the street offices
    rolldownOptions: {
      input: {
        main: 'src/main/main.js',
        diagram: 'src/diagram/diagram.js',
      },
    },
  },
});
