-- The records of the link $1, the latest to join first.
select connection, kind, record from links where link = $1 order by since desc, connection, kind, record
