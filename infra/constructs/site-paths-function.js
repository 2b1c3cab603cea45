// A CloudFront function, 10 KB at most: no modules, no clock. A dot does not make a file: ids of messages have one.
// site-paths.ts puts PAGES and NOT_FOUND before it: the pages without their ending, and what is said where there is none.
const FILE = /\.(?:css|html|ico|js|json|map|md|png|svg|txt|webmanifest|woff2)$/;

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const uri = request.uri;
  if (uri === '/') {
    return {
      statusCode: 302,
      statusDescription: 'Found',
      headers: { location: { value: '/developers' }, 'cache-control': { value: 'no-cache' } },
    };
  }
  const page = uri.endsWith('/') ? uri.slice(0, -1) : uri;
  if (FILE.test(page)) return request;
  // The app's own router knows the rest of the address.
  if (page === '/app' || page.startsWith('/app/')) request.uri = '/app/index.html';
  else if (page === '/developers') request.uri = '/developers/index.html';
  else if (PAGES.includes(page)) request.uri = `${page}.html`;
  else return notFound();
  return request;
}

// Here, and not in the distribution's table of error pages: that one would stand in for the APIs' own 404, too.
function notFound() {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'content-type': { value: 'text/html; charset=utf-8' }, 'cache-control': { value: 'no-cache' } },
    body: { encoding: 'text', data: NOT_FOUND },
  };
}
