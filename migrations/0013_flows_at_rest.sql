-- flows: since when one that has decided decides nothing, be it off or paused and in whatever order,
-- so that what changed meanwhile is judged when it is let decide again.

alter table flows add column rests bigint;          -- the event since which it decides nothing

update flows set rests = moded where started is not null and mode in ('off', 'paused');
