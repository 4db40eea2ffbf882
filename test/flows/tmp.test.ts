import { it } from 'vitest';
import { aRequest, create } from './suite/customers.js';
import { setStage } from './suite/stage.js';
const stage = setStage('standalone in process');
it('x', async () => {
  for (const siteLocation of [{ sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 800 }, { sbcId: 5, sbcOnboardingScript: 8, sbcCleanupScript: 700 }]) {
    const a = await create(stage, aRequest({ siteLocation, ...(siteLocation.sbcOnboardingScript === 8 ? { scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable2': '5070', 'CustomVar.Variable3': 'hush' } } : {}) }));
    process.stdout.write(`${a.status} ${a.text}\n`);
    const id = (a.json as {id: string}).id;
    for (const p of [`/api/v2/customer/${id}`, `/api/v3/customer/${id}?allDetails=true`, '/api/v2/customer', '/api/v2/sbc', '/api/v2/scripttemplates', '/api/v2/scripttemplates?allDetails=true&pageSize=2&pageNumber=1', '/api/v2/scripttemplates?scriptType=SBC', '/api/v2/sbc/5', '/api/v2/sbc/9', '/api/v2/task/wst_00000000-0000-0000-0000-000000000000']) {
      const g = await stage.app.http.get(p); process.stdout.write(`${p} ${g.status} ${JSON.stringify(g.headers)} ${g.text.slice(0, 700)}\n`);
    }
    const d = await stage.app.http.delete(`/api/v2/customer/${id}`); process.stdout.write(`${d.status} ${d.text} ${JSON.stringify(d.headers)}\n`);
    const rows = await stage.app.rows("select id, kind, state from provisioner.deployment where customer_guid = $1", [id]);
    for (const r of rows) { const g = await stage.app.http.get(`/api/v2/task/wst_${r.id as string}`); process.stdout.write(`${JSON.stringify(r)} ${g.status} ${g.text}\n`); }
  }
});
