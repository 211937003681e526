// Reads mails (a JSON array of base64 texts on standard input) with mailparser; prints what a mail program would show.
import { simpleParser } from "mailparser";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

async function read(text) {
  const mail = await simpleParser(Buffer.from(text, "base64"), { keepCidLinks: true, skipTextToHtml: true });
  return {
    subject: mail.subject,
    from: mail.from?.value,
    to: mail.to?.value,
    date: mail.date?.toISOString() ?? null,
    id: mail.messageId ?? null,
    text: mail.text,
    html: mail.html,
    pictures: mail.attachments.map((one) => ({
      id: one.cid,
      type: one.contentType,
      shown: one.related,
      size: one.size,
      digest: one.checksum,
    })),
  };
}

console.log(JSON.stringify(await Promise.all(JSON.parse(Buffer.concat(chunks)).map(read))));
