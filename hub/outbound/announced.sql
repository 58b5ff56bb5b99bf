-- How far the sync projector has come, and which of the deliveries $1 stand as about to be sent then.
select coalesce((select position from projectors where name = 'sync'), 0) as folded,
       array(select id from deliveries where id = any($1::uuid[]) and state = 'sending') as sending
