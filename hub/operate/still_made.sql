-- What the first sync of another sync than $1 has yet to make, of the kinds $3 of the connections $2.
select flow, connection, kind, count(*) as records
from deliveries
where (connection, kind) in (select * from unnest($2::text[], $3::text[]))
  and flow <> $1 and share = 'backfill' and record = '' and state in ('owed', 'sending')
group by flow, connection, kind
order by flow
