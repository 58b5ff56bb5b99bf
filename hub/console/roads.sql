-- How every road stands: when it was last heard of or read, in seconds ago, when it is read again,
-- in seconds from now, how much waits to be read, and what is wrong with it.
select r.connection, r.kind, r.road, r.records,
       extract(epoch from now() - greatest(r.heard_at, r.read_at))::float8 as seen_seconds_ago,
       extract(epoch from r.read_at + (r.overdue_at - r.read_at) / 2 - now())::float8
           as next_in_seconds,
       case r.road when 'resync' then r.cursor = ''
                   when 'stream' then true
                   else r.cursor is null or r.done is not null end as done,
       r.unheard,
       coalesce((select convert_from(data, 'UTF8')::jsonb ->> 'reason'
                 from events where position = r.silent), '') as silent,
       case when r.road in ('webhook', 'stream') then (
           select count(*) from notices n where n.connection = r.connection and n.kind = r.kind
       ) else 0 end as waiting
from roads r
order by r.connection, r.kind,
         array_position(array['first', 'webhook', 'channel', 'stream', 'resync', 'poll', 'scan', 'fetch'], r.road)
