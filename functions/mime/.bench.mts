import { summarize } from './parse.ts';
import { identify, sha256Of } from './identity.ts';
import { parseStructure } from './structure.ts';
import { emailBody } from './body.ts';
import PostalMime from 'postal-mime';
const crypto = await import('node:crypto');
const hdr = (i:number)=>`Return-Path: <a@b.example>\r\nReceived: from x (x [1.2.3.4]) by y with ESMTPS id 1234 for <me@example.org>; Mon, ${1+i%28} Nov 2026 10:00:00 +0100 (CET)\r\n`+`Received: by z; Mon, 2 Nov 2026 09:59:00 +0100\r\n`.repeat(4)+`DKIM-Signature: v=1; a=rsa-sha256;\r\n bh=abc;\r\n b=${'x'.repeat(300)}\r\nX-A: b\r\nX-B: c\r\nX-C: d\r\nMessage-ID: <m${i}@example.com>\r\nReferences: <a@b> <c@d>\r\n <e@f>\r\nIn-Reply-To: <e@f>\r\nFrom: =?utf-8?Q?J=C3=B6rg?= <j@example.com>\r\nTo: A B <a@b.example>, "C, D" <c@d.example>\r\nCc: x@y.example\r\nSubject: =?UTF-8?B?44GT44KT44Gr44Gh44Gv?= number ${i}\r\nDate: Mon, 2 Nov 2026 09:58:00 +0100\r\nMIME-Version: 1.0\r\n`;
const b64=(n:number)=>(crypto.randomBytes(n).toString('base64').match(/.{1,76}/g)??[]).join('\r\n');
const text='Hello there, this is a line of text that someone might have written in a mail.\r\n';
const html='<html><head><style>'+'p { color: red; margin: 0 }\n'.repeat(100)+'</style></head><body><table><tr><td style=3D"padding:1px">Hello <b>there</b></td></tr>'+'<p class=3D"x">Some more text in a paragraph &amp; entities&nbsp;here</p>\r\n'.repeat(150)+'</body></html>';
const kinds: Record<string,(i:number)=>string> = {
 plain:i=>hdr(i)+'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'+(text+'Grüße 日本\r\n').repeat(360),
 alt:i=>hdr(i)+'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'+text.repeat(200)+'\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'+html+'\r\n--b1--\r\n',
 html:i=>hdr(i)+'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'+html.repeat(2),
 attach:i=>hdr(i)+'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n'+text.repeat(10)+'\r\n--b1\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment; filename="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'+b64(22000)+'\r\n--b1--\r\n',
};
for (const [k,f] of Object.entries(kinds)) {
  const raws=Array.from({length:1000},(_,i)=>Buffer.from(f(i)));
  const run=(n:string,g:(r:Buffer)=>unknown)=>{for(const r of raws.slice(0,300))g(r);const t=performance.now();for(const r of raws)g(r);return n+' '+((performance.now()-t)/raws.length).toFixed(3);};
  const sha='ab'.repeat(32);
  const t0=performance.now(); for(const r of raws.slice(0,200)) await PostalMime.parse(r); const pm=(performance.now()-t0)/200;
  console.log(k, raws[0]!.length, run('sha',sha256Of), run('identify(sha given)',r=>identify(r,sha)), run('structure',parseStructure), run('summarize(sha given)',r=>summarize(r,sha)), run('summarize',r=>summarize(r)), run('body',r=>emailBody(r,{sha256:sha,properties:['textBody','htmlBody','attachments','bodyValues'],fetchAllBodyValues:true})), 'postal', pm.toFixed(3), JSON.stringify(summarize(raws[0]!)).length);
}
const big=Buffer.from(hdr(1)+'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\n\r\nhi\r\n--b1\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n'+b64(9e6)+'\r\n--b1--\r\n');
for(let i=0;i<3;i++){let t=performance.now();const s=parseStructure(big);const a=performance.now()-t;t=performance.now();sha256Of(big);const b=performance.now()-t;t=performance.now();emailBody(big,{sha256:'ab'.repeat(32),properties:['attachments']});console.log('12MB structure',a.toFixed(1),'sha',b.toFixed(1),'body',(performance.now()-t).toFixed(1), s.children.length);}
const bad: Record<string,Buffer> = {
 dashes: Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n'+'\n--'.repeat(1e6)),
 bnd: Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n'+'--b\n'.repeat(1e6)),
 nest: Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n'+'--b\nContent-Type: multipart/mixed; boundary=b\n\n'.repeat(1e5)),
 nest2: Buffer.from('Content-Type: multipart/mixed; boundary=b0\n\n'+Array.from({length:5e4},(_,i)=>`--b${i}\nContent-Type: multipart/mixed; boundary=b${i+1}\n\n`).join('')),
 hdrs: Buffer.from('a:\n'.repeat(2e6)),
 fold: Buffer.from('Subject: '+'\n a'.repeat(2e6)),
 garbage: Buffer.from('a\nb: c\n'.repeat(1e6)),
 ct: Buffer.from('Content-Type: text/plain'+';a="b"'.repeat(1e6)+'\n\nx'),
 ctp: Buffer.from('Content-Type: text/plain;'+'('.repeat(3e6)+'\n\nx'),
 html: Buffer.from('Content-Type: text/html\n\n'+'<style><a "'.repeat(5e5)),
 html2: Buffer.from('Content-Type: text/html\n\n'+'<!--<'.repeat(5e5)),
 html3: Buffer.from('Content-Type: text/html\n\n'+'<a href="'.repeat(5e5)),
 html4: Buffer.from('Content-Type: text/html\n\n'+'&zwnj;&#8203;'.repeat(5e5)),
 sp: Buffer.from('Content-Type: text/plain\n\n'+' '.repeat(3e6)),
 gt: Buffer.from('Content-Type: text/plain\n\n'+'> \n'.repeat(1e6)),
 qp: Buffer.from('Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n'+'= '.repeat(1e6)),
 b64: Buffer.from('Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nA'+'\n'.repeat(3e6)+'!'),
 refs: Buffer.from('References: '+'<a@b> '.repeat(5e5)+'\nTo: '+'a@b, '.repeat(5e5)+'\nDate: '+'1 '.repeat(1e6)+'\nReceived: '+';'.repeat(1e6)+'\n\nx'),
 refs2: Buffer.from('References: '+'<'.repeat(2e6)+'\nTo: '+'<'.repeat(2e6)+'\nSubject: '+'=?'.repeat(1e6)+'\n\nx'),
};
for (const [k,r] of Object.entries(bad)) { const t=performance.now(); const s=summarize(r); const a=performance.now()-t; const u=performance.now(); const e=emailBody(r,{sha256:s.sha256,properties:['bodyStructure','textBody','htmlBody','attachments','bodyValues'],fetchAllBodyValues:true,maxBodyValueBytes:1000}); console.log(k,r.length,a.toFixed(0),(performance.now()-u).toFixed(0),JSON.stringify(s).length, JSON.stringify(e).length); }
