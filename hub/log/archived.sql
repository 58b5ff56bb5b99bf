-- Note an archive: $1 first, $2 last, $3 file, $4 digest, $5 when its last event was recorded, $6 its
-- events about other events.
insert into archives (first, last, file, digest, recorded_at, about) values ($1, $2, $3, $4, $5, $6)
