-- Let events wait at the projector $1: positions, connections, kinds, records, reasons, since.
insert into parked (projector, position, connection, kind, record, reason, since)
select $1, position, connection, kind, record, nullif(reason, ''), since
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
     as waiting (position, connection, kind, record, reason, since)
