-- How the record $3 of kind $2 in connection $1 stands: its link, and what waits in the inbox of it.
-- Leans on inbox_by_subject.
select (select link from links where connection = $1 and kind = $2 and record = $3) as link,
       (select item from inbox
        where subject = $1 || '.' || $2 || '/' || $3 and settled is null
        order by since desc limit 1) as item
