from tortoise import fields
from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [('models', '0023_awaited_signatures')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Question',
            name='condition',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
    ]
