from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField

class Migration(migrations.Migration):
    dependencies = [('models', '0018_away_time')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Task',
            name='proposed_at',
            field=UtcDatetimeField(null=True),
        ),
    ]
