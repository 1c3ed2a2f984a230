from tortoise import fields
from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [('models', '0032_retention')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Question',
            name='sample',
            field=fields.CharField(default='allowed', db_default='allowed', max_length=8),
        ),
    ]
