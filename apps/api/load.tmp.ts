// node load.mjs url keyfile seconds connections
import { readFileSync } from 'node:fs';
const [url, file, seconds='5', connections='16'] = process.argv.slice(2);
const dev = JSON.parse(readFileSync(file,'utf8')); const key = dev.test_key;
import { sessionCreate } from "/var/tmp/citus/try/packages/testing/src/session-create.ts"; const pre = process.pid; const body = async (n) => JSON.stringify(await sessionCreate({ room: `room-${pre}-${n}` }));
let done=0, failed=0, n=Date.now(); const times=[]; const end=performance.now()+Number(seconds)*1000; const ids=[];
const codes={};
async function run(){ while(performance.now()<end){ const t=performance.now(); const r=await fetch(url+'/v1/sessions',{method:'POST',headers:{authorization:`Bearer ${key}`,'content-type':'application/json'},body:await body(n++)}); const j=await r.json(); if(r.ok){done++;times.push(performance.now()-t);ids.push(j.id);} else {failed++; codes[j.error?.code]=(codes[j.error?.code]??0)+1;} } }
await Promise.all(Array.from({length:Number(connections)},run)); times.sort((a,b)=>a-b);
console.log('create', JSON.stringify({perSecond:Math.round(done/seconds),p50:Math.round(times[times.length>>1]),p99:Math.round(times[Math.floor(times.length*.99)]),failed,codes}));
const lend=performance.now()+2000; let lists=0; async function list(){while(performance.now()<lend){const r=await fetch(url+'/v1/sessions?limit=20',{headers:{authorization:`Bearer ${key}`}});await r.arrayBuffer();lists++;}}
await Promise.all(Array.from({length:Number(connections)},list)); console.log('list', Math.round(lists/2));
