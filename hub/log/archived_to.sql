-- The last position that is archived, 0 if none is.
select coalesce(max(last), 0) from archives
