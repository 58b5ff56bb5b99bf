-- What stands around the deliveries $1: the link that is to be filled or that their record is in, what
-- is known of the record, as of when, and what the link agrees on, flow by flow.
select d.id, coalesce(d.link, l.link) as link, r.fields as known, r.stamp, r.said, d.answered_at,
       d.sent, a.flows, a.agreed
from deliveries d
left join links l using (connection, kind, record)
left join records r using (connection, kind, record)
left join lateral (
    select array_agg(flow) as flows, array_agg(fields) as agreed
    from agreements
    where agreements.link = coalesce(d.link, l.link)
) as a on true
where d.id = any($1::uuid[])
