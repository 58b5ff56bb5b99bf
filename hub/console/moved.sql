-- Each time that the record $3 of kind $2 in connection $1 came into a link, or left one.
-- Leans on link_history_by_record.
select position, act, link
from link_history
where connection = $1 and kind = $2 and record = $3 and act in ('joined', 'left')
order by position, step
