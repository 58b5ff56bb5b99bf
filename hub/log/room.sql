-- How far the log has come, and the first position that no partition holds yet.
select coalesce((select position from events order by position desc limit 1),
                (select max(last) from archives), 0) as head,
       partitioned_to() as until
