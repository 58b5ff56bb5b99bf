import asyncio, time
from uuid import uuid4
from datetime import UTC, datetime
import pytest, msgspec
from tests.log.desk import happened
from hub.outbound import deliver as d
from hub.events import payload

@pytest.mark.parametrize("kind,n", [("things", 20000), ("documents", 5000)])
async def test_bench(counter, monkeypatch, kind, n):
    (position,) = await counter.log.append(happened())
    ids=[]; rows=[]
    for i in range(n):
        r=counter.shop.put(kind, name="old"); id_=uuid4(); ids.append(id_)
        counter.wants[id_]={"name":f"new {i}","phone":"+32 2 123 45 67","city":"Brussels"}
        rows.append((id_, "shop", kind, r, "", "customers","", "owed","contacts",0,0,False,position,position,datetime.now(UTC),"","", "00-11111111111111111111111111111111-2222222222222222-00"))
    async with counter.log.database.connected("owner") as db:
        await db.copy_records_to_table("deliveries", records=rows, columns=["id","connection","kind","record","part","flow","case","state","share","attempt","rounds","look","owed","moved","moved_at","because","reason","trace"])
        await db.execute("analyze deliveries")
    counter.shop.says_data = (kind != "things")
    t=time.perf_counter(); c=time.process_time()
    import cProfile,pstats; pr=cProfile.Profile(); task=counter.begin()
    last=0
    while True:
        done=sum(map(len,counter.shop.calls))
        if done>=n or time.perf_counter()-t>60: __import__("functools").partial(print,flush=True)("called",done,n,len(counter.shop.calls),counter.folded.head,counter.log.wake.head,task); break
        await asyncio.sleep(0.05)
    called=time.perf_counter()-t; pass
    while True:
        (row,)=await counter.execute("select count(*) from deliveries where state='done'")
        if row[0]==n or time.perf_counter()-t>70: __import__("functools").partial(print,flush=True)('folded',row,counter.folded.head,counter.log.wake.head); break
        await asyncio.sleep(0.05)
    took=time.perf_counter()-t
    __import__("functools").partial(print,flush=True)(f"\n{kind}: {n/called:.0f}/s called, {n/took:.0f}/s done and folded; cpu {time.process_time()-c:.1f}s of {took:.1f}s; calls {len(counter.shop.calls)} asked {len(counter.asked)}")
    # latency
    lat=[]
    for i in range(20):
        id_=await counter.owe(kind, counter.shop.put(kind))
        n0=len(counter.shop.calls)
        t=time.perf_counter(); await counter.log.append(happened())
        while len(counter.shop.calls)==n0: await asyncio.sleep(0.0005)
        lat.append((time.perf_counter()-t)*1e3)
        await counter.comes_to("done", id_)
    lat.sort(); __import__("functools").partial(print,flush=True)(f"latency from an append that folds to the call: median {lat[10]:.1f} ms max {lat[-1]:.1f}")
