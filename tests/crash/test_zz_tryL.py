import time
from tests.crash.lives import lives
from tests.crash.mortal import Moment
from tests.e2e.conftest import place, logging_as_it_was
from tests.e2e.test_invoice import a_deal, invoices_of
async def test_it(place):
    t=time.time()
    def lap(w):
        nonlocal t
        print(w, round(time.time()-t,2)); t=time.time()
    async with lives(place) as one:
        lap("ready")
        work = one.work
        await one.begin(Moment(where="after it is told of", type="sending"))
        lap("begun")
        await work.install("customers","invoice_from_won_deal", invoice_from_won_deal='when.stays = "0s"')
        await work.first_sync()
        lap("first sync")
        one.arm()
        deal = a_deal(work, amount=120)
        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
        await one.death()
        lap("died")
        await work.p5_rebuilds()
        lap("rebuilt")
        await one.begin()
        lap("begun")
        await work.until(lambda: invoices_of(work, "Velm Tools Ltd"), "there is no invoice")
        lap("invoice")
        await work.at_rest()
        lap("rest")
        await work.p5_rebuilds()
        lap("rebuilt")
