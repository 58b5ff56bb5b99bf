-- Where the events with the ids $1 are kept.
select id, position from kept where id = any ($1::uuid[])
