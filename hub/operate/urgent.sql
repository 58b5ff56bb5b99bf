-- How many deliveries of live work are owed that a hub could carry out now.
select count(*)
from deliveries d
join flows f on f.flow = d.flow
left join stops s on s.connection = d.connection
where d.state in ('owed', 'sending') and d.share <> 'backfill'
  and (f.mode = 'on' or d.approved is not null or d.state = 'sending')
  and not coalesce(s.stopped, false)
  and (d.not_before is null or d.not_before <= now())
