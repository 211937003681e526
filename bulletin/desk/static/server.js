// What a page of the desk asks of the server, and why it gets no answer.
const xsrf = document.querySelector("meta[name=xsrf]").content;

export class Away extends Error {}
export class SignedOut extends Away {}

// `what` is the name of some work, `body` a value, or a file as it is. Throws Away if there is no answer to it, or none
// within `patience` milliseconds: of a cut cable nobody is told.
export async function post(what, body, patience = 0) {
  const isFile = body instanceof Blob;
  const headers = { "X-XSRFToken": xsrf, ...(isFile ? {} : { "Content-Type": "application/json" }) };
  let response;
  try {
    const signal = patience ? AbortSignal.timeout(patience) : undefined;
    response = await fetch(`/_soan/_/${what}`, { method: "POST", headers, body: isFile ? body : JSON.stringify(body), signal });
  } catch (fault) {
    throw new Away(fault.message);
  }
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) throw new Away(`${response.status}`);
  return response.json();
}

export function leave(what, body) {
  // The page may be gone before the answer comes.
  fetch(`/_soan/_/${what}`, { method: "POST", headers: { "X-XSRFToken": xsrf }, body: JSON.stringify(body), keepalive: true });
}

export const why = (fault) =>
  fault instanceof SignedOut
    ? "Phiên làm việc đã hết. Hãy đăng nhập lại ở thẻ khác rồi làm lại việc này."
    : "Không liên lạc được với máy chủ. Chưa có gì thay đổi: hãy thử lại.";
