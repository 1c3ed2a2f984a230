from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from models.tables.message import InboxState
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0001_tables')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Inbox',
            name='state',
            field=fields.CharEnumField(default=InboxState.NEW, description='NEW: new\nDONE: done\nQUARANTINED: quarantined\nCLOSED: closed', enum_type=InboxState, max_length=12),
        ),
        ops.AddField(
            model_name='Inbox',
            name='retried_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Inbox',
            name='waiting_since',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Outbox',
            name='waiting_since',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Stray',
            name='closed_at',
            field=UtcDatetimeField(null=True),
        ),
    ]
