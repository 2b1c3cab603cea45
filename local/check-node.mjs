// Plain JavaScript that every Node since 12 parses: it runs first and says what an older Node could not.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node 24 is needed, this is ${process.versions.node}. Start through npm, which brings its own: npm ci && npm start`,
  );
  process.exit(1);
}
