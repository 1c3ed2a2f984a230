from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0022_conference')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Record',
            name='awaited',
            field=fields.IntField(default=0, db_default=-1),
        ),
    ]
