from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0007_register_imports')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Inspector',
            name='leave_from',
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name='Inspector',
            name='leave_until',
            field=fields.DateField(null=True),
        ),
    ]
