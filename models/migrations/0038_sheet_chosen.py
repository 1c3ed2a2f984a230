from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0037_platform_results')]

    initial = False

    operations = [
        ops.AddField(
            model_name='RegisterImport',
            name='sheet',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='RegisterImport',
            name='heading_row',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
