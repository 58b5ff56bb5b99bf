-- How many records of each kind of the connection $1 were fetched in a day, going by the last $2
-- events of the log: they may be of less than a day, and are then taken for as many more, but for no
-- less than an hour, for a log that has just begun tells little.
select kind, ceil(count(*) * 86400 / greatest(3600, (
           select least(86400, extract(epoch from now() - min(recorded_at)))
           from events
           where position > (select coalesce(max(position), 0) - $2 from events)
       )))::bigint as records
from events
where position > (select coalesce(max(position), 0) - $2 from events)
  and connection = $1 and road = 'fetch' and type = 'observed'
  and recorded_at > now() - interval '1 day'
group by kind
