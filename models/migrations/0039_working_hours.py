from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0038_sheet_chosen')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Inspector',
            name='hours',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
    ]
