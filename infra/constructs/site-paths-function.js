// A CloudFront function: no modules, no clock. A dot does not make a file: ids of messages have one.
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
  else request.uri = `${page}.html`;
  return request;
}
