-- How far a first sync of the kinds $2 of the connections $1, each of one place, is: what is known,
-- what is still to be read and written, what was linked, what a person is asked, and how far the
-- projectors are behind. A kind that was not read through counts as a record to read.
select (select coalesce(max(position), 0) from events) as head,
       (select count(*) from records where gone is null and position > 0) as known,
       (select count(*) from notices)
           + (select count(*)
              from unnest($1::text[], $2::text[]) as wanted (connection, kind)
              left join roads r on r.connection = wanted.connection and r.kind = wanted.kind
                  and r.road = 'first'
              where r.done is null) as to_read,
       (select count(*) from deliveries where state in ('owed', 'sending')) as to_write,
       (select count(*) from (select link from links group by link having count(*) > 1) as two) as linked,
       (select count(*) from inbox where settled is null) as asked,
       (select coalesce(max(position), 0) from events)
           - (select coalesce(min(position), 0) from projectors) as behind
