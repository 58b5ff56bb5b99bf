"""Play an hour at a company in seconds: a seeded world, a real hub beside it, and a judgement.

run.py           one seed from its start to its end
ground.py        the played vendors             people.py      who edits both sides, at random
companies.py     what both sides say of a company; persons.py the people in it
finance.py       what becomes of invoices       in_between.py  who edits in the moment of a write
sales.py         who sells, in Salesforce       support.py     who helps customers, in Desk
quotes.py        what is offered for a deal
trouble.py       faults and deaths              story.py       what happened, in its order
streams.py       change events without a network
oracle/          were the promises kept, judged by what the vendors have and were called
golive.py        what an operator does          hub.py         the hub, begun and killed again
played_time.py   time that jumps to what is next; awaited.py and life.py tell what it waits for, and
                 who is killed; clocks.py has all clocks go by it; postgres.py is a server to kill

The hub is the one that runs for real; a seed has the same people do the same, and the same trouble
befall it, at the same moments.
"""
