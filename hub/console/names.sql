-- What the records say that are of connections $1, kinds $2 and ids $3, each of one place.
select connection, kind, record, fields
from records
join unnest($1::text[], $2::text[], $3::text[]) as wanted (connection, kind, record)
    using (connection, kind, record)
where position > 0
