-- Where the event with the id $1 stands, archived or not.
select position from kept where id = $1
