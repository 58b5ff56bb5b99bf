-- What stands around the deliveries $1 to the connection $2: the link that is to be filled or that
-- their record is in, what is known of the record, as of when, and what the link agrees on, flow by
-- flow; and of one that is to be made, whether another of its kind is in that link already.
-- In every row the same: the flows as they are in force, which are few, and whether the
-- connection has ids of currencies, whose kind is $3.
with
force as (
    select array_agg(flow order by flow) as names, array_agg(digest order by flow) as digests,
           array_agg(mode order by flow) as modes
    from flows
),
currency as (
    select exists (
        select from records where connection = $2 and kind = $3 and gone is null
    ) as is_there
)
select d.id, coalesce(d.link, l.link) as link, r.fields as known, r.stamp, r.said, d.answered_at,
       d.sent, a.flows, a.agreed, beside.is_there as beside, force.names, force.digests, force.modes,
       currency.is_there as has_currencies
from deliveries d
cross join force
cross join currency
left join links l using (connection, kind, record)
left join records r using (connection, kind, record)
left join lateral (
    select array_agg(flow) as flows, array_agg(fields) as agreed
    from agreements
    where agreements.link = coalesce(d.link, l.link)
) as a on true
cross join lateral (
    select d.record = '' and exists (
        select from links o join records other using (connection, kind, record)
        where o.link = d.link and o.connection = d.connection and o.kind = d.kind
          and other.gone is null
    ) as is_there
) as beside
where d.id = any($1::uuid[])
