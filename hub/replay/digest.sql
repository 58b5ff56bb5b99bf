-- Count the rows of {table} and digest them, in whatever order they lie.
-- Two rows that differ anywhere differ here; the sum makes their order irrelevant.
select count(*),
       md5(coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text)
from {table} t
{only}
