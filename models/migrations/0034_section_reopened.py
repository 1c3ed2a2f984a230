from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0033_sample_rule')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Finalised',
            name='reopened_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Finalised',
            name='version',
            field=fields.IntField(default=1, db_default=1),
        ),
    ]
