-- What keeps connections from being called: a grant that is dead, a wait for a token, a stop.
select coalesce(t.connection, b.connection) as connection,
       coalesce(t.dead_why, '') as dead,
       case when t.wait_until > now() then t.wait_until when b.stopped_until > now()
            then b.stopped_until end as until,
       case when t.wait_until > now() then t.wait_why when b.stopped_until > now()
            then b.stopped_why else '' end as why
from access_tokens t
full join budgets b on b.connection = t.connection
where t.dead_why is not null or t.wait_until > now() or b.stopped_until > now()
order by 1
